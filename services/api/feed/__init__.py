"""How rows get from the changelog into the cube: whole transactions only, each partition by itself."""
