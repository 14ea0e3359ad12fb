"""mtls - what a client certificate meets: certificates of every kind, servers
of every make, and a line that takes its time"""
from .relay import Relay
from .table import table
from .world import World, missing
