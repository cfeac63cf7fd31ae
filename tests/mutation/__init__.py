"""Mutation testing of the oracle and the contract: is there a test for each thing that they do?"""
