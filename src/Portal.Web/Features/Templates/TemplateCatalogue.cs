using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Loading;
using Portal.Compose.Templates;
using Portal.Data;
using Portal.Web.Features.Templates.Catalogues;

namespace Portal.Web.Features.Templates;

/// <summary>
/// The templates that come with the portal, and those of catalogues that people added, as they were when they could last be read.
/// </summary>
/// <remarks>
/// Singleton; any thread. What comes with the portal is read once, when somebody first looks; catalogues when they are new.
/// </remarks>
public sealed class TemplateCatalogue(IDbContextFactory<PortalDbContext> contexts)
{
    private const string Prefix = "Portal.Templates.";
    private static readonly Lazy<IReadOnlyList<TemplateEntry>> s_shipped = new(ReadAll);
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset ReadAt, string Name, IReadOnlyList<TemplateEntry> Entries)> _read = new();

    /// <summary>Those that come with the portal, by title.</summary>
    public static IReadOnlyList<TemplateEntry> Shipped => s_shipped.Value;

    /// <summary>All of them, by title.</summary>
    public async Task<IReadOnlyList<TemplateEntry>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var sources = await database.TemplateSources.AsNoTracking().Where(row => row.ReadAt != null)
            .Select(row => new { row.Id, row.Name, ReadAt = row.ReadAt!.Value }).ToListAsync(cancellationToken);
        var all = new List<TemplateEntry>(Shipped);
        foreach (var source in sources)
        {
            if (!_read.TryGetValue(source.Id, out var known) || (known.ReadAt, known.Name) != (source.ReadAt, source.Name))
            {
                var row = await database.TemplateSources.AsNoTracking()
                    .SingleOrDefaultAsync(item => item.Id == source.Id, cancellationToken);
                known = (source.ReadAt, source.Name, row is null ? [] : EntriesOf(source.Id, source.Name, CatalogueDirectory.ItemsOf(row)));
                _read[source.Id] = known;
            }

            all.AddRange(known.Entries);
        }

        foreach (var gone in _read.Keys.Except(sources.Select(source => source.Id)))
        {
            _read.TryRemove(gone, out _);
        }

        return [.. all.OrderBy(entry => entry.Template.Title, StringComparer.OrdinalIgnoreCase).ThenBy(entry => entry.Id)];
    }

    /// <summary>Null when there is no such one.</summary>
    public async Task<TemplateEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        Shipped.FirstOrDefault(entry => entry.Id == id)
        ?? (await ListAsync(cancellationToken)).FirstOrDefault(entry => entry.Id == id);

    // Read strictly again: the rules may be others than when they were fetched.
    private static IReadOnlyList<TemplateEntry> EntriesOf(Guid source, string name, IReadOnlyList<CatalogueItem> items) =>
    [
        .. items.Select(item => (item.Id, TemplateReader.Read(item.Id, item.Text, new ComposeLimits()).Template))
            .Where(pair => pair.Template is not null)
            .Select(pair => new TemplateEntry($"{source:N}.{pair.Id}", pair.Template!) { Catalogue = name }),
    ];

    private static IReadOnlyList<TemplateEntry> ReadAll()
    {
        var assembly = typeof(TemplateCatalogue).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(assembly, name)).OrderBy(entry => entry.Template.Title, StringComparer.OrdinalIgnoreCase)];
    }

    private static TemplateEntry Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        var file = name[Prefix.Length..];
        var (template, problems) = TemplateReader.Read(file, reader.ReadToEnd(), new ComposeLimits());
        return template is null
            ? throw new InvalidOperationException($"A template that comes with the portal is wrong: {problems[0]}")
            : new TemplateEntry(Path.GetFileNameWithoutExtension(file), template);
    }
}
