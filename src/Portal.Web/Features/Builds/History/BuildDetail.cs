using System.Text.Json;
using Google.Protobuf;
using Portal.Contracts.Builds.V1;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds.History;

/// <summary>What is kept of a build besides its row: bounded, and without arguments, secrets and logins.</summary>
/// <param name="Steps">Its steps.</param>
/// <param name="Notes">What the builder said about the whole.</param>
/// <param name="Failure">Where it failed, as protobuf's JSON; null when it did not.</param>
/// <param name="Result">The image, as protobuf's JSON; null when there is none.</param>
internal sealed record BuildDetail(
    IReadOnlyList<BuildDetailStep> Steps, IReadOnlyList<BuildDetailNote> Notes, string? Failure, string? Result)
{
    private const int MostText = 512 * 1024;
    private const int MostTextOfStep = 32 * 1024;

    // A newer portal may have written what this one does not know.
    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static string Write(BuildRun run)
    {
        var left = MostText;

        // The last steps first: where it failed is what is looked for.
        var steps = new List<BuildDetailStep>();
        foreach (var step in run.Steps.Reverse())
        {
            steps.Insert(0, BuildDetailStep.Of(step, Math.Min(left, MostTextOfStep), ref left));
        }

        var detail = new BuildDetail(
            steps,
            [.. run.Notes.Select(note => new BuildDetailNote(note.Text, note.IsWarning))],
            run.Failure is null ? null : JsonFormatter.Default.Format(run.Failure),
            run.Result is null ? null : JsonFormatter.Default.Format(run.Result));

        // PostgreSQL's text has no NUL; the log of a build has none either, but an instruction may.
        return JsonSerializer.Serialize(detail).Replace("\\u0000", "\\uFFFD", StringComparison.Ordinal);
    }

    /// <summary>Null when nothing readable was kept, as while a build runs.</summary>
    public static BuildDetail? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<BuildDetail>(json) is { Steps: not null, Notes: not null } detail ? detail : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public BuildFailure? ReadFailure() => Failure is null ? null : s_parser.Parse<BuildFailure>(Failure);

    public BuildResult? ReadResult() => Result is null ? null : s_parser.Parse<BuildResult>(Result);
}
