"""Optional: a small sentence encoder, run by ONNX Runtime (the extra ``embed``)."""
