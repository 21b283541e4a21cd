using System.Text;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Tests.Routing;

/// <summary>The page of the documentation that lists every path of Docker's API, written from what is mapped.</summary>
internal static class DockerApiPage
{
    private const string Head = """
        # Docker's API

        What the engine's socket answers, path by path. Each path also answers with a version in front (`/v1.24` to `/v1.47`). *Partly*: the
        common part, and what is missing; whatever a request asks for and does not get is refused or warned about by name. *No*: an error
        with the reason given here.

        This page is written by `PORTAL_WRITE_DOCS=1 dotnet test tests/Portal.Engine.Api.Tests --filter DockerApiPage` from the routes
        themselves, and that test fails when the page is not what they say, when a path of Docker's reference is missing, or when a test
        that is named here is not there. The tests are those of `tests/Portal.Engine.Api.Tests`; the areas `clients` and `peers` use most
        paths besides through other people's clients.

        """;

    public static string Write(IEnumerable<DockerRoute> routes)
    {
        var page = new StringBuilder(Head);
        foreach (var area in routes.Distinct().GroupBy(route => route.Path.Split('/')[1]).OrderBy(area => area.Key, StringComparer.Ordinal))
        {
            page.Append('\n').Append("## /").Append(area.Key).Append("\n\n");
            page.Append("| method | path | supported | remarks | test |\n| --- | --- | --- | --- | --- |\n");
            foreach (var route in area
                .OrderBy(route => route.Path, StringComparer.Ordinal)
                .ThenBy(route => route.Method, StringComparer.Ordinal))
            {
                page.Append("| ").Append(route.Method).Append(" | `").Append(route.Path).Append("` | ")
                    .Append(Word(route.Support)).Append(" | ").Append(Remark(route))
                    .Append(" | `").Append(DockerApiCoverage.TestOf(route)).Append("` |\n");
            }
        }

        return page.ToString();
    }

    private static string Word(DockerRouteSupport support)
    {
        return support switch
        {
            DockerRouteSupport.Full => "yes",
            DockerRouteSupport.Partial => "partly",
            DockerRouteSupport.Refused => "no",
            _ => throw new ArgumentOutOfRangeException(nameof(support), support, "The page has no word for it."),
        };
    }

    private static string Remark(DockerRoute route)
    {
        var note = route.Note.Replace("|", "\\|", StringComparison.Ordinal);
        if (note.Length > 0)
        {
            note = char.ToUpperInvariant(note[0]) + note[1..].TrimEnd('.') + ".";
        }

        return note;
    }
}
