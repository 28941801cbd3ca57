"""From a persona set to codes: any file, release or hub, row by row, and no text is kept."""
