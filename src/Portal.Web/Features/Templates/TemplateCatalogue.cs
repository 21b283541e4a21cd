using System.Reflection;
using Portal.Compose.Loading;
using Portal.Compose.Templates;

namespace Portal.Web.Features.Templates;

/// <summary>The templates that come with the portal.</summary>
/// <remarks>Singleton; any thread. They are read once, when somebody first looks.</remarks>
public sealed class TemplateCatalogue
{
    private const string Prefix = "Portal.Templates.";
    private readonly Lazy<IReadOnlyList<TemplateEntry>> _all = new(ReadAll);

    /// <summary>All of them, by title.</summary>
    public IReadOnlyList<TemplateEntry> All => _all.Value;

    /// <summary>Null when there is no such one.</summary>
    public TemplateEntry? Find(string id) => All.FirstOrDefault(entry => entry.Id == id);

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
