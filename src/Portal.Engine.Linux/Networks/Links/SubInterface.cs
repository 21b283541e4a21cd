namespace Portal.Engine.Linux.Networks.Links;

/// <summary>An interface that shares another's cable: a VLAN (IEEE 802.1Q), a macvlan or an ipvlan.</summary>
/// <param name="Kind">The kernel's name of its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parent">Number of the interface below.</param>
internal sealed record SubInterface(string Kind, string Name, int Parent)
{
    /// <summary>Six bytes; empty to leave the choice to the kernel, or for a kind that has its parent's.</summary>
    public byte[] HardwareAddress { get; init; } = [];

    /// <summary>Largest packet in bytes; 0 for the parent's.</summary>
    public int Mtu { get; init; }

    /// <summary>The setting of its kind with number 1, in the width that the kernel wants: VLAN id, or mode.</summary>
    public byte[] Mode { get; init; } = [];

    /// <summary>The setting of its kind with number 2; empty for none.</summary>
    public byte[] Flags { get; init; } = [];
}
