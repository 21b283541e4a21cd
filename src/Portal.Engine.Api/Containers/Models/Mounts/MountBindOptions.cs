namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>Options of a bind mount.</summary>
internal sealed record MountBindOptions
{
    public string Propagation { get; set; } = "";

    public bool NonRecursive { get; set; }
}
