from conversation_room import room

__all__ = ["room"]
