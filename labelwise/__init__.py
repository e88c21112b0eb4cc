"""labelwise"""
