namespace Portal.Web.Features.Containers.Create;

/// <summary>One published port of the form, as typed.</summary>
public sealed class PortRow
{
    public string Host { get; set; } = "";

    public string Container { get; set; } = "";

    public string Protocol { get; set; } = "tcp";
}
