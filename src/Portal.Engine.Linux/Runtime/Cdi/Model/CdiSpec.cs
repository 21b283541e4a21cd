namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>
/// A specification of the Container Device Interface (github.com/cncf-tags/container-device-interface, SPEC.md,
/// up to 0.8).
/// </summary>
internal sealed record CdiSpec
{
    public string CdiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public List<CdiDevice> Devices { get; set; } = [];

    public CdiEdits? ContainerEdits { get; set; }
}
