"""The pages for people: documents of the api as HTML, live by its stream."""
