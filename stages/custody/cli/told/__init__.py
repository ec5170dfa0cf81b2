"""What commands print that start without Typer: their lines, one after the other."""
