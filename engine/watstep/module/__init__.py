"""The expanded text as a module: names resolved to indices, bodies as flat instruction lists."""
