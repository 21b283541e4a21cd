namespace Portal.Web.Features.Rest.Pages;

/// <summary>An operation of the API as the page shows it.</summary>
/// <param name="Area">What it is about.</param>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">Its address.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Needs">What it takes.</param>
internal sealed record ApiOperation(string Area, string Method, string Path, string Summary, string Needs);
