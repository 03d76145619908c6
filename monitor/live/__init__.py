"""The live side: commands go in through the recorder, rooms and cursors show what came of it."""
