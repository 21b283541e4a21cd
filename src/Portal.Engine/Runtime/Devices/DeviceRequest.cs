namespace Portal.Engine.Runtime.Devices;

/// <summary>Devices that a driver hands out: what <c>--gpus</c> and <c>--device vendor.com/class=name</c> ask for.</summary>
public sealed record DeviceRequest
{
    /// <summary>
    /// <c>cdi</c> for names of the Container Device Interface, <c>nvidia</c>, or empty for any driver that has the
    /// capabilities.
    /// </summary>
    public string Driver { get; init; } = "";

    /// <summary>How many devices; -1 for all. 0 when <see cref="DeviceIds"/> names them.</summary>
    public int Count { get; init; }

    /// <summary>Names, indexes or unique ids; with the driver <c>cdi</c> in the form <c>vendor.com/class=name</c>.</summary>
    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    /// <summary>Alternatives, each a set of capabilities that a driver must have all of, such as <c>gpu</c>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Capabilities { get; init; } = [];

    /// <summary>For the driver.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
