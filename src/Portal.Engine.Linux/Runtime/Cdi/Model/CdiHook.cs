namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>A program that the OCI runtime runs at some step.</summary>
internal sealed record CdiHook
{
    public string HookName { get; set; } = "";

    public string Path { get; set; } = "";

    public List<string> Args { get; set; } = [];

    public List<string> Env { get; set; } = [];

    public int? Timeout { get; set; }
}
