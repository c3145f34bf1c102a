"""What an editor asks of a text: what stands here, what could stand here, what to write instead."""
