"""The bridge: an object that knows nothing of Gauntlet is driven through its own methods."""

import io
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../../adapters/python"), HERE]

import gauntlet_adapter as kit  # noqa: E402
import protean_bridge  # noqa: E402
import toy_broker  # noqa: E402


class Bridge(unittest.TestCase):
    def setUp(self):
        self.errors, sys.stderr = sys.stderr, io.StringIO()

    def tearDown(self):
        sys.stderr = self.errors

    def session(self, name):
        kind = protean_bridge.bridge(f"toy_broker:{name}", True, None)
        return kind(protean_bridge.Place(None, {}, 0), "shop-1", None)

    def test_reads_capabilities_from_flags_it_has_never_seen(self):
        session = self.session("ToyBroker")
        self.assertEqual(session.capabilities, ["CONSUMER_GROUPS", "PUBLISH", "SUBSCRIBE"])

    def test_methods_without_capabilities_show_what_it_can(self):
        self.assertEqual(
            protean_bridge.declared(type("Thing", (), {"publish": len, "get_next": len}), None),
            ["PUBLISH", "SUBSCRIBE"],
        )

    def test_messages_are_dicts_inside_and_text_outside(self):
        session = self.session("ToyBroker")
        id = session.publish("s", '{"n": 9007199254740993}').value
        entry = session.get_next("s", "g").value
        self.assertEqual((entry.id, entry.payload), (id, '{"n": 9007199254740993}'))

    def test_groups_are_made_by_the_underscore_method(self):
        session = self.session("ToyBroker")
        session.ensure_group("s", "g")
        self.assertIn(("s", "g"), session.thing.groups)

    def test_errors_are_known_by_their_names(self):
        with self.assertRaises(kit.ValidationError):
            self.session("ToyBroker").publish("s", "{}")

    def test_objects_that_never_meet_are_told_of(self):
        protean_bridge.bridge("toy_broker:ToyBroker", False, None)
        self.assertIn("--share", protean_bridge.Place(None, {}, 0).advice)
        self.assertIsNone(protean_bridge.Place("redis://x", {}, 0).advice)

    def test_what_is_logged_and_swallowed_is_shown(self):
        answer = self.session("Swallower").get_next("orders", "g")
        self.assertIsNone(answer.value)
        self.assertEqual(answer.detail, "ERROR: lost the connection to orders")


if __name__ == "__main__":
    unittest.main()
