"""Where the companion's stand-ins of message providers are. Apart, since the supervisor must start quickly."""

SMS_PATH, WHATSAPP_PATH = "/providers/sms", "/providers/whatsapp"
