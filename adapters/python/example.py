"""A broker of our own, and its adapter: gauntlet conform 'exec:python3 example.py'"""

import json
import threading
import time
from gauntlet_adapter import Adapter, Instance, ValidationError, main


class Toy(Instance):  # the broker itself: messages by stream, and how far each group has come
    def __init__(self, uri, options, number):
        super().__init__(uri, options, number)
        self.lock, self.born = threading.Lock(), time.time()
        self.streams, self.groups = {}, {}


class ToyAdapter(Adapter):
    name, summary = "toy", "lists in a Python process, with a position for each group"
    capabilities, traits = ["SIMPLE_QUEUING"], ["in_process"]
    instance_class = Toy

    def publish(self, stream, payload):
        if not isinstance(message := json.loads(payload), dict) or not message:
            raise ValidationError("a message is a JSON object that is not empty")
        with self.instance.lock:
            messages = self.instance.streams.setdefault(stream, [])
            messages.append((f"{stream}-{len(messages) + 1}", payload))
            return messages[-1][0]

    def read(self, stream, group, count):
        with self.instance.lock:
            facts = {"consumers": [], "created_at": time.strftime("%FT%TZ", time.gmtime())}
            state = self.instance.groups.setdefault((stream, group), {"position": 0, **facts})
            if count and self.name not in state["consumers"]:
                state["consumers"].append(self.name)
            begin = state["position"]
            found = self.instance.streams.get(stream, [])[begin : begin + max(count, 0)]
            state["position"] += len(found)
            return found

    def ensure_group(self, stream, group):
        self.read(stream, group, 0)

    def ping(self):
        return True

    def data_reset(self):
        self.instance.streams, self.instance.groups = {}, {}

    def info(self):
        return {group: {**state, "consumer_count": len(state["consumers"])}
                for (stream, group), state in self.instance.groups.items()}

    def health_stats(self):
        counts = {"total_messages": sum(map(len, self.instance.streams.values()))}
        return {"status": "healthy", "connected": True, "last_ping_ms": None, "uptime_seconds":
                time.time() - self.instance.born, "details": {"message_counts": counts}}


if __name__ == "__main__":
    main(ToyAdapter)
