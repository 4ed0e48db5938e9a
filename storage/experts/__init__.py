"""Experts: who is asked, when, and handing off."""
