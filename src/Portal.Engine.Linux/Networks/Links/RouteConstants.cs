namespace Portal.Engine.Linux.Networks.Links;

/// <summary>Numbers of rtnetlink(7), from linux/rtnetlink.h, if_link.h, if_addr.h and veth.h.</summary>
internal static class RouteConstants
{
    public const ushort NewLink = 16;
    public const ushort DeleteLink = 17;
    public const ushort GetLink = 18;
    public const ushort SetLink = 19;
    public const ushort NewAddress = 20;
    public const ushort DeleteAddress = 21;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort GetRoute = 26;

    public const ushort LinkAddress = 1;
    public const ushort LinkName = 3;
    public const ushort LinkMtu = 4;
    public const ushort LinkParent = 5;
    public const ushort LinkMaster = 10;
    public const ushort LinkProtocolInfo = 12;
    public const ushort LinkInfo = 18;
    public const ushort LinkAlias = 20;
    public const ushort LinkNamespaceFd = 28;
    public const ushort LinkExtensions = 29;
    public const ushort LinkSendQueues = 31;
    public const ushort LinkReceiveQueues = 32;
    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;
    public const ushort VethPeer = 1;
    public const ushort BridgePortHairpin = 4;
    public const ushort BridgePortIsolated = 33;

    public const ushort AddressAddress = 1;
    public const ushort AddressLocal = 2;
    public const ushort AddressBroadcast = 4;

    public const ushort RouteDestination = 1;
    public const ushort RouteOutput = 4;
    public const ushort RouteGateway = 5;
    public const ushort RoutePriority = 6;

    public const byte FamilyIpv4 = 2;
    public const byte FamilyIpv6 = 10;
    public const byte FamilyBridge = 7;
    public const ushort Nested = 0x8000;
    public const uint FlagUp = 0x1;
    public const int WithoutCounters = 0x8;
    public const int LoopbackIndex = 1;
}
