var application = Portal.Web.PortalApplication.Create(args);
return await application.RunAsync();
