using System.Text.Json.Serialization;
using Portal.Engine.Api.Json;

namespace Portal.Engine.Api.Execs.Models;

/// <summary>The body of <c>POST /containers/{id}/exec</c>.</summary>
internal sealed record ExecCreateRequest
{
    public string User { get; set; } = "";

    public bool Privileged { get; set; }

    public bool Tty { get; set; }

    public bool AttachStdin { get; set; }

    public bool AttachStdout { get; set; }

    public bool AttachStderr { get; set; }

    public string DetachKeys { get; set; } = "";

    public List<int>? ConsoleSize { get; set; }

    public List<string>? Env { get; set; }

    public string WorkingDir { get; set; } = "";

    [JsonConverter(typeof(StringListConverter))]
    public List<string>? Cmd { get; set; }
}
