namespace Portal.Engine.Linux.Interop.Netlink;

/// <summary>Flags of a netlink message's header (linux/netlink.h).</summary>
internal static class NetlinkFlags
{
    public const ushort Request = 0x1;
    public const ushort Acknowledge = 0x4;
    public const ushort Dump = 0x300;
    public const ushort Replace = 0x100;
    public const ushort Exclusive = 0x200;
    public const ushort Create = 0x400;
}
