namespace Portal.Web.Features.People;

internal sealed record AddedPerson(string UserName, string Password);
