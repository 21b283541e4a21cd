namespace Portal.Engine.Api.Containers.Models.Host;

/// <summary>Docker's <c>ThrottleDevice</c>.</summary>
internal sealed record ThrottleModel
{
    public string Path { get; set; } = "";

    public long Rate { get; set; }
}
