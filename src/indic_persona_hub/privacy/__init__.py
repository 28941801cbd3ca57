"""What a text tells of real people: identifiers and names, found with their places."""
