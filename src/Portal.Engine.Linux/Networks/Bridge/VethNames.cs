namespace Portal.Engine.Linux.Networks.Bridge;

/// <summary>
/// Names of the host's ends of veth pairs: the instance's name, <c>v</c>, and hexadecimal digits up to the 15 characters that a
/// name can have (IFNAMSIZ, netdevice(7)). No two instances share one: the last <c>v</c> is at a place that gives the
/// instance's name, since <c>v</c> is no hexadecimal digit.
/// </summary>
/// <param name="instance">1 to 8 of <c>[a-z0-9]</c>.</param>
internal sealed class VethNames(string instance)
{
    private const int Length = 15;
    private readonly string _prefix = instance + "v";

    /// <summary>The name for an endpoint with a random id of hexadecimal digits.</summary>
    public string For(string endpointId) => _prefix + endpointId[..(Length - _prefix.Length)];

    /// <summary>True for a name that <see cref="For"/> of this instance can give.</summary>
    public bool IsOne(string name)
    {
        return name.Length == Length
            && name.StartsWith(_prefix, StringComparison.Ordinal)
            && name.AsSpan(_prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
    }
}
