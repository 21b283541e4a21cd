using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Agent.Consoles;

/// <summary>Finds the shells in a container by looking at its files: nothing is run for it.</summary>
internal sealed class ShellFinder(IContainerFiles files)
{
    private const int MostNames = 5000;
    private static readonly string[] s_folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
    private static readonly string[] s_shells = ["bash", "zsh", "fish", "ash", "ksh", "dash", "sh"];

    /// <summary>Their names, the best first.</summary>
    public Task<IReadOnlyList<string>> FindAsync(string container, CancellationToken cancellationToken) =>
        files.UseAsync<IReadOnlyList<string>>(
            container,
            tree =>
            {
                var names = s_folders.SelectMany(folder => NamesIn(tree, folder)).ToHashSet(StringComparer.Ordinal);
                return ValueTask.FromResult<IReadOnlyList<string>>([.. s_shells.Where(names.Contains)]);
            },
            cancellationToken);

    private static IEnumerable<string> NamesIn(ITreeFiles tree, string folder)
    {
        try
        {
            return [.. tree.List(folder, MostNames).Entries.Select(entry => entry.Name)];
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.InvalidArgument)
        {
            return [];
        }
    }
}
