"""`watstep check`: what is wrong with a program, and what a code means."""

from __future__ import annotations

import sys

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_file
from watstep.cli.output import Json, diagnostic_json, print_diagnostics, print_json
from watstep.cli.reading import read_source
from watstep.errors import UsageError
from watstep.host.catalog import INTERFACE
from watstep.lint.project import Project, project_of
from watstep.source.diagnostic import Severity

JSON_VERSION = 1
"""Of the object that `--json` prints; a further key does not change it."""


def check_command(request: Request) -> int:
    """Print every diagnostic, or the page of a code; 2 where one is an error.

    Raises `UsageError` for a code that there is none of, or options that do not go together.
    """
    if request.values.get("explain"):
        sys.stdout.write(_page(request.values["explain"]))
        return 0
    _refuse_what_goes_nowhere(request)
    source = read_source(request.words[0])
    if request.values.get("fix") or request.values.get("dry_run"):
        from watstep.cli.fixing import fix_file

        source = fix_file(source, request)
    compilation = compile_file(source)
    diagnostics = compilation.diagnostics
    project = project_of(source.name)
    if request.values.get("repair_prompt"):
        from watstep.editing.repair_prompt import repair_prompt
        from watstep.host.grants import parse_grants

        granted = parse_grants(request.values.get("grants", ()), request.values.get("denied", ()))
        sys.stdout.write(repair_prompt(compilation, INTERFACE, granted))
    elif request.values.get("json"):
        told = [diagnostic_json(source, found) for found in diagnostics]
        answer: Json = {"version": JSON_VERSION, "diagnostics": told}
        print_json(answer | _project_json(project))
    else:
        if project.source is not None:
            print_diagnostics(project.source, project.problems)
        print_diagnostics(source, diagnostics)
        if not diagnostics:
            sys.stderr.write(f"{source.name}: no problems\n")
    denied = {Severity.ERROR}
    if request.values.get("deny_warnings"):
        denied.add(Severity.WARNING)
    found = {problem.severity for problem in (*diagnostics, *project.problems)}
    return 2 if found & denied else 0


def _refuse_what_goes_nowhere(request: Request) -> None:
    """Raise `UsageError` for a grant that nothing would tell of, or two answers in one."""
    prompt = request.values.get("repair_prompt")
    if {"grants", "denied"} & {*request.values} and not prompt:
        raise UsageError("`--grant` and `--deny` say what `--repair-prompt` tells of: write both")
    if prompt and request.values.get("json"):
        raise UsageError("`--json` prints one object, `--repair-prompt` one text: ask for one")


def _project_json(project: Project) -> Json:
    """What is wrong with the project's file, where something is."""
    source = project.source
    if source is None or not project.problems:
        return {}
    problems = [diagnostic_json(source, problem) for problem in project.problems]
    return {"project": {"file": source.name, "diagnostics": problems}}


def _page(code: str) -> str:
    from watstep.editing.pages import all_codes, explained

    page = explained(code)
    if page is None:
        from difflib import get_close_matches

        near = get_close_matches(code, all_codes(), 3, 0.5)
        hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
        raise UsageError(f"there is no diagnostic `{code}`{hint}")
    return page
