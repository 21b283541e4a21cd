using System.Text;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Rest.Stacks.Editing;

/// <summary>What a stack shall say. No record, so that nothing prints its values by accident.</summary>
internal sealed class StackBody
{
    /// <summary>The Compose project's name. Of a stack that is there it stays.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is to run. Of a stack that is there it stays, whatever is said here.</summary>
    public Guid NodeId { get; init; }

    /// <summary>The environment over whose nodes it is to be spread, in place of a node. Of a stack that is there it stays.</summary>
    public Guid? EnvironmentId { get; init; }

    /// <summary>Paths of the Compose files, each laid over those before it.</summary>
    public IReadOnlyList<string> ComposeFiles { get; init; } = [StackFileSet.DefaultFile];

    /// <summary>All files by path, the Compose files too.</summary>
    public required IReadOnlyDictionary<string, StackFileBody> Files { get; init; }

    /// <summary>Values to set, or with <c>null</c> to take away; others stay. They go in and never come out.</summary>
    public IReadOnlyDictionary<string, string?> Values { get; init; } = new Dictionary<string, string?>();

    /// <summary>Why it is changed.</summary>
    public string Message { get; init; } = "";

    /// <summary>As the editor would send it.</summary>
    /// <param name="id">Null for a new one.</param>
    /// <param name="basis">The revision that it is made from; 0 for a new one.</param>
    public StackDraft ToDraft(Guid? id, int basis)
    {
        var lines = new StringBuilder();
        foreach (var (name, value) in Values)
        {
            // The lines of a draft are the editor's: more than one line is no value there.
            if (name.AsSpan().IndexOfAny('=', '\n', '\r') >= 0 || value?.AsSpan().IndexOfAny('\n', '\r') >= 0)
            {
                throw RestResults.Refused("A value has a name without '=', and one line.");
            }

            lines.Append(name).Append(value is null ? "" : "=").Append(value).Append('\n');
        }

        if (ComposeFiles.Any(path => path is null) || Files.Any(pair => pair.Value is null))
        {
            throw new RestProblemException(ProblemKind.InvalidRequest, "A list or map of files holds null.");
        }

        if (EnvironmentId is not null && NodeId != Guid.Empty)
        {
            throw RestResults.Refused("A stack is on a node or over the nodes of an environment, not both.");
        }

        var files = Files.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToContent(pair.Key)));
        return new StackDraft(id, NodeId, Name, basis, new StackFileSet(ComposeFiles, files), lines.ToString(), Message)
        {
            EnvironmentId = EnvironmentId,
        };
    }
}
