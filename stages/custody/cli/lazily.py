"""A group whose commands are imported where they are asked for: one to run, all to list them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

GROUPS: Final = ("policy", "keys", "source", "anchor", "privacy", "release", "audit")
"""Modules whose `app` holds the commands of a group."""
COMMANDS: Final = ("report", "verify", "review", "comment", "log", "diff", "which", "fetch", "reproduce", *GROUPS)
"""Every module of a command, in the order of the help; the function of a single command has the name of its module."""


class Lazily(TyperGroup):
    """Knows the names of its commands, and imports what stands behind one when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # Typer calls it so
        """Return the names, in the order of the help."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; None for one that there is not, of which Typer asks the others for one like it."""
        if cmd_name not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _made(cmd_name)
        return self.commands[cmd_name]


def _made(name: str) -> Any:
    module = import_module(f"custody.cli.{name}")
    made: Any
    if name in GROUPS:
        made = typer.main.get_group(module.app)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name)(getattr(module, name))
        made = typer.main.get_command(alone)
    made.name = name
    return made
