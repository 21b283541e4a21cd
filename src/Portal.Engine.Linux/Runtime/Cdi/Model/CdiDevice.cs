namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>A device of a specification.</summary>
internal sealed record CdiDevice
{
    public string Name { get; set; } = "";

    public CdiEdits? ContainerEdits { get; set; }
}
