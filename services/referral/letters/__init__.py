"""The letter of referral: what it says, how it is set as a PDF, and how anybody learns whether it is genuine."""
