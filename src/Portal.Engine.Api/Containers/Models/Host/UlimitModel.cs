namespace Portal.Engine.Api.Containers.Models.Host;

/// <summary>Docker's <c>Ulimit</c>.</summary>
internal sealed record UlimitModel
{
    public string Name { get; set; } = "";

    public long Hard { get; set; }

    public long Soft { get; set; }
}
