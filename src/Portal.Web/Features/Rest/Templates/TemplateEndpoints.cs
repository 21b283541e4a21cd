using System.ComponentModel;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Templates;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>Stacks that others have written down.</summary>
internal static class TemplateEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/templates", ListAsync).Needs(PermissionNames.StacksEdit)
            .Says<Page<TemplateItem>>("listTemplates", "The templates that there are.");
        api.MapGet("/templates/{template}", FindAsync).Needs(PermissionNames.StacksEdit)
            .Says<TemplateDetail>("getTemplate", "A template with its Compose file and what it asks for.");
    }

    private static async Task<IResult> ListAsync(
        [Description("Words of its title, category or description.")] string? q, [AsParameters] PageQuery page,
        TemplateCatalogue catalogue, CancellationToken cancellationToken) => RestResults.Ok(page.Cut(
            (await catalogue.ListAsync(cancellationToken)).Where(entry => entry.Matches(q ?? "")), entry => entry.Id, TemplateItem.Of));

    private static async Task<IResult> FindAsync(string template, TemplateCatalogue catalogue, CancellationToken cancellationToken) =>
        RestResults.Ok(TemplateDetail.Of(
            await catalogue.FindAsync(template, cancellationToken) ?? throw RestProblemException.NotFound("template")));
}
