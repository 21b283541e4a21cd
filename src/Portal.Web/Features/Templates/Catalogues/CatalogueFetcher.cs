using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Portal.Compose.Templates;
using Portal.Data.Entities.Templates;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>
/// Reads catalogues: over HTTP without redirects and never in private networks that are not allowed, or from Git as stacks are.
/// All is bounded.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class CatalogueFetcher(GitRepositories repositories, CatalogueSecrets secrets, OutgoingConnections outgoing)
{
    private const int MostFiles = 500;
    private const long LargestFile = 512 * 1024;
    private const long MostBytes = 8 * 1024 * 1024;
    private const int MostRepositories = 5;
    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <returns>Templates whose texts are whole.</returns>
    /// <exception cref="CatalogueException">It can't be read; says why.</exception>
    public async Task<CatalogueContents> FetchAsync(TemplateSource source, CancellationToken cancellationToken)
    {
        try
        {
            var contents = source.Kind == CatalogueKind.Git
                ? await ReadRepositoryAsync(source, cancellationToken) : await ReadAddressAsync(source, cancellationToken);
            return await CompleteAsync(source, contents, cancellationToken);
        }
        catch (Exception failure) when (failure is FormatException or GitException)
        {
            throw new CatalogueException(failure.Message, failure);
        }
        catch (DecoderFallbackException failure)
        {
            throw new CatalogueException(N("It is no text in UTF-8."), failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var reason = failure is OperationCanceledException ? N("it took too long.") : (failure.InnerException ?? failure).Message;
            throw new CatalogueException(E("'{0:name}' could not be asked: {1:said}", new Uri(source.Address).Authority, reason), failure);
        }
    }

    private async Task<CatalogueContents> ReadAddressAsync(TemplateSource source, CancellationToken cancellationToken)
    {
        using var http = outgoing.CreateClient(CatalogueReader.LongestFile);
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Address);
        if (secrets.Of(source) is { Length: > 0 } secret)
        {
            request.Headers.Authorization = source.UserName.Length == 0 ? new AuthenticationHeaderValue("Bearer", secret)
                : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{source.UserName}:{secret}")));
        }

        using var answer = await http.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            var hint = (int)answer.StatusCode is >= 300 and < 400 ? " " + N("Redirects are not followed: enter where it leads.") : "";
            throw new CatalogueException(E("'{0:name}' answered {1}.", new Uri(source.Address).Authority, (int)answer.StatusCode) + hint);
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return CatalogueReader.Read(Path.GetFileName(new Uri(source.Address).AbsolutePath), TextOf(bytes));
    }

    private Task<CatalogueContents> ReadRepositoryAsync(TemplateSource source, CancellationToken cancellationToken)
    {
        return repositories.FetchAsync(
            AccessOf(source), new GitReference(GitReference.Branch, source.Branch), withSubmodules: false,
            async (tree, token) =>
            {
                var found = (await tree.ListBelowAsync(source.Folder, token))
                    .Where(file => s_endings.Contains(Path.GetExtension(file.Key)) && file.Value.Size <= LargestFile)
                    .OrderBy(file => file.Key, StringComparer.Ordinal).Take(MostFiles).ToList();
                if (found.Count == 0)
                {
                    throw new FormatException(N("There is no file with a template there: *.yaml, *.yml or *.json."));
                }

                if (found.Sum(file => file.Value.Size) > MostBytes)
                {
                    throw new FormatException(E("Its files have more than {0} MiB. Name a folder.", MostBytes >> 20));
                }

                var contents = await tree.ReadAsync([.. found.Select(file => file.Value)], token);

                // Other Compose files may lie beside templates: only those that say that they are one are read.
                return CatalogueReader.Read(found.Zip(contents)
                    .Select(pair => (Name: pair.First.Key, Text: TextOf(pair.Second)))
                    .Where(file => file.Text.Contains("x-template", StringComparison.Ordinal)
                        || file.Name.EndsWith(".json", StringComparison.Ordinal)));
            },
            cancellationToken);
    }

    private GitAccess AccessOf(TemplateSource source) => new()
    {
        Address = GitAddress.Parse(source.Address) ?? throw new CatalogueException(GitAddress.Advice),
        User = source.UserName, Secret = secrets.Of(source), Certificates = source.Certificates,
        HostKeys = source.HostKeys,
    };

    // Of templates whose Compose files are in repositories: those are read once for all that name them. A login goes along to the
    // catalogue's own server alone.
    private async Task<CatalogueContents> CompleteAsync(
        TemplateSource source, CatalogueContents contents, CancellationToken cancellationToken)
    {
        var groups = contents.Items.Where(item => item.File is not null).GroupBy(item => item.File!.Repository).ToList();
        var (whole, notes) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>(contents.Notes));
        foreach (var group in groups.Take(MostRepositories))
        {
            await CompleteAsync(source, [.. group], whole, notes, cancellationToken);
        }

        notes.AddRange(groups.Skip(MostRepositories).Select(group =>
            E("Files of '{0:name}' are left out: a catalogue's are in {1} repositories at most.", group.Key, MostRepositories)));
        List<CatalogueItem> items =
        [
            .. contents.Items.Where(item => item.File is null || whole.ContainsKey(item.Id))
                .Select(item => item.File is null ? item : new CatalogueItem(item.Id, whole[item.Id])),
        ];
        return items.Count > 0 ? new CatalogueContents(items, notes)
            : throw new FormatException(notes.Count > 0 ? notes[^1] : N("There is no template in it."));
    }

    private async Task CompleteAsync(
        TemplateSource source, List<CatalogueItem> items, Dictionary<string, string> whole, List<string> notes,
        CancellationToken cancellationToken)
    {
        var repository = items[0].File!.Repository;
        var own = source.Kind == CatalogueKind.Git ? AccessOf(source) : null;

        // Over ssh from the catalogue's own server alone: of no other one the keys are known.
        if (GitAddress.Parse(repository) is not { } address || (address.IsSsh && own?.Address.Server != address.Server))
        {
            notes.Add(E("The templates of '{0}' are left out: that is no repository over https, nor one over ssh of its own server.", repository));
            return;
        }

        try
        {
            var access = own?.For(address) ?? new GitAccess { Address = address };
            await repositories.FetchAsync(
                access, new GitReference(GitReference.Branch, ""), withSubmodules: false,
                async (tree, token) =>
                {
                    foreach (var item in items)
                    {
                        await CompleteAsync(tree, item, whole, notes, token);
                    }

                    return true;
                },
                cancellationToken);
        }
        catch (GitException failure)
        {
            notes.Add(E("The templates of '{0}' are left out: {1:said}", repository, failure.Message));
        }
    }

    private static async Task CompleteAsync(
        GitTree tree, CatalogueItem item, Dictionary<string, string> whole, List<string> notes, CancellationToken cancellationToken)
    {
        var entry = await tree.FindAsync(item.File!.Path, cancellationToken);
        if (entry is null || entry.Size > LargestFile)
        {
            notes.Add(E("'{0}' is left out: '{1}' is not in its repository, or too large.", item.Id, item.File.Path));
            return;
        }

        var (text, problem) = CatalogueReader.Join(item, TextOf((await tree.ReadAsync([entry], cancellationToken))[0]));
        if (text is null)
        {
            notes.Add(E("'{0}' is left out: {1:said}", item.Id, problem));
        }
        else
        {
            whole[item.Id] = text;
        }
    }

    private static string TextOf(byte[] bytes) =>
        s_strict.GetString(bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes.AsSpan(3) : bytes);
}
