"""A broker with the methods of the port, for the bridge to drive; it knows nothing of Gauntlet."""

import enum
import logging
import time
import uuid


class Capabilities(enum.Flag):
    PUBLISH = enum.auto()
    SUBSCRIBE = enum.auto()
    CONSUMER_GROUPS = enum.auto()
    SOMETHING_ELSE = enum.auto()


class ValidationError(Exception):
    pass


class ToyBroker:
    capabilities = Capabilities.PUBLISH | Capabilities.SUBSCRIBE | Capabilities.CONSUMER_GROUPS

    def __init__(self):
        self.born, self.streams, self.groups = time.time(), {}, {}

    def publish(self, stream, message):
        if not isinstance(message, dict) or not message:
            raise ValidationError("a message must not be empty")
        self.streams.setdefault(stream, []).append((str(uuid.uuid4()), message))
        return self.streams[stream][-1][0]

    def _ensure_group(self, group, stream):
        made = time.strftime("%FT%TZ", time.gmtime())
        self.groups.setdefault((stream, group), {"position": 0, "created_at": made, "read": False})

    def read(self, stream, group, count):
        self._ensure_group(group, stream)
        state = self.groups[stream, group]
        found = self.streams.get(stream, [])[state["position"] :][: max(count, 0)]
        state["position"] += len(found)
        state["read"] = True
        return found

    def get_next(self, stream, group):
        found = self.read(stream, group, 1)
        return found[0] if found else None

    def ping(self):
        return True

    def ensure_connection(self):
        return True

    def info(self):
        return {
            group: {
                "consumers": ["toy"] if state["read"] else [],
                "consumer_count": int(state["read"]),
                "created_at": state["created_at"],
            }
            for (stream, group), state in self.groups.items()
        }

    def health_stats(self):
        total = sum(map(len, self.streams.values()))
        return {
            "status": "healthy",
            "connected": True,
            "last_ping_ms": 0.1,
            "uptime_seconds": time.time() - self.born,
            "details": {"message_counts": {"total_messages": total}},
        }

    def _data_reset(self):
        self.streams.clear()
        self.groups.clear()


class Swallower(ToyBroker):
    """Logs its trouble and goes on as if there were none."""

    def get_next(self, stream, group):
        logging.getLogger("toy").error("lost the connection to %s", stream)
        return None
