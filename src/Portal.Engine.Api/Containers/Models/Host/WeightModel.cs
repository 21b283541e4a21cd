namespace Portal.Engine.Api.Containers.Models.Host;

/// <summary>Docker's <c>WeightDevice</c>.</summary>
internal sealed record WeightModel
{
    public string Path { get; set; } = "";

    public int Weight { get; set; }
}
