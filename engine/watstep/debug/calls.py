"""Host calls as a program makes them, and those that wait for an answer, as text."""

from __future__ import annotations

from watstep.host.offered import Question
from watstep.host.tape import HostCall, value_text


def question_text(question: Question) -> str:
    """A call as the program makes it: `http.get("http://…")`."""
    return f"{question.function}({', '.join(map(value_text, question.arguments))})"


def difference_text(made: Question, recorded: HostCall | None) -> str:
    """A call of the world that is not the one that was recorded, in one sentence."""
    then = "the recorded run made no further call"
    if recorded:
        question = Question(recorded.function, recorded.arguments)
        then = f"the recorded run called {question_text(question)}"
    return f"{question_text(made)} waits for an answer: {then}"
