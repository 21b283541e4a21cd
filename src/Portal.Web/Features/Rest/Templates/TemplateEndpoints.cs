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
        api.MapGet("/templates", List).Needs(PermissionNames.StacksEdit)
            .Says<Page<TemplateItem>>("listTemplates", "The templates that there are.");
        api.MapGet("/templates/{template}", Find).Needs(PermissionNames.StacksEdit)
            .Says<TemplateDetail>("getTemplate", "A template with its Compose file and what it asks for.");
    }

    private static IResult List(
        [Description("Words of its title, category or description.")] string? q, [AsParameters] PageQuery page,
        TemplateCatalogue catalogue) =>
        RestResults.Ok(page.Cut(catalogue.All.Where(entry => entry.Matches(q ?? "")), entry => entry.Id, TemplateItem.Of));

    private static IResult Find(string template, TemplateCatalogue catalogue) =>
        RestResults.Ok(TemplateDetail.Of(catalogue.Find(template) ?? throw RestProblemException.NotFound("template")));
}
