namespace Portal.Engine.Linux.Networks.Overlay;

/// <summary>Names of VXLAN interfaces: the instance's name, <c>x</c>, and digits of the network's id, in 15 characters.</summary>
/// <param name="instance">1 to 8 of <c>[a-z0-9]</c>.</param>
internal sealed class VxlanNames(string instance)
{
    private const int Length = 15;
    private readonly string _prefix = instance + "x";

    public string For(string networkId) => _prefix + networkId[..(Length - _prefix.Length)];
}
