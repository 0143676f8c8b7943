"""What Telegram brings, one kind a module; each hands it to the conversation and shows what comes back."""
