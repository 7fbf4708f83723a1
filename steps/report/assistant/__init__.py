"""The page about the assistant, and its four questions: value, use, blockers, money."""

from steps.report.assistant.data import Assistant, read_assistant
from steps.report.assistant.questions import Question, questions, reading

__all__ = ["Assistant", "Question", "questions", "read_assistant", "reading"]
