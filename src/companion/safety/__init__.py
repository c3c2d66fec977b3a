"""What keeps a person and their terminal safe."""
