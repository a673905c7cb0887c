import Delivery
import Events

/// Apart from `Front`: both Delivery and API know a `Pace`.
func realWire() -> any WebhookWire { HTTPClient(WebhookRules().account()) }
